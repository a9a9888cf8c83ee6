import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import type { Principal } from '../../auth/principal.js';
import { Clock } from '../../common/clock.js';
import { invalidField, notFound } from '../../common/errors.js';
import { notAdded } from '../../common/http/source-errors.js';
import { present } from '../session.js';
import { Sessions, type NewParticipant } from '../sessions.js';
import { readAddresses } from './addresses.js';
import type { AddParticipantsDto } from './dto/add-participants.dto.js';
import { inOurWords, noNumberFor } from './refusals.js';
import { SessionSearch } from './session-search.js';
import { showSession } from './session-shape.js';

/** Who joins and leaves a session over its life. */
@Injectable()
export class ParticipantsService {
  constructor(
    private readonly sessions: Sessions,
    private readonly search: SessionSearch,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 400, 404, and 500 when they can't be added; then nobody is. */
  async add(caller: Principal, sid: string, body: AddParticipantsDto) {
    const people = read(body);
    const { _id, participants } = await this.search.find(caller.tenant, sid);
    const added = await inOurWords(this.sessions.add(caller.tenant, _id, people));
    if (!added) throw notFound('session', sid);
    if ('exhausted' in added) throw noNumberFor(added.exhausted);
    if ('failed' in added) throw notAdded(added.failed);
    const before = new Set(participants.map(({ id }) => id));
    const addresses = new Set(people.map(({ address }) => address));
    const ids = present(added.session).filter(({ id, address }) => !before.has(id) && addresses.has(address));
    await this.audit.record(caller, 'ADD_PARTICIPANTS', { session_id: _id, participants: ids.map(({ id }) => id) });
    return showSession(added.session, this.clock.now());
  }

  /** @throws ApiError 404 */
  async remove(caller: Principal, sid: string, participantSid: string) {
    const { _id, state } = await this.search.find(caller.tenant, sid);
    if (state === 'closed') throw notFound('session', sid);
    const left = await this.sessions.removeParticipant(caller.tenant, _id, participantSid);
    if (!left) throw notFound('participant', participantSid);
    await this.audit.record(caller, 'REMOVE_PARTICIPANT', { session_id: _id, participant: participantSid });
    return showSession(left, this.clock.now());
  }
}

/** @throws ApiError 400 */
function read({ address, addresses, name }: AddParticipantsDto): NewParticipant[] {
  const people = readAddresses([addresses ?? [], address ?? []].flat());
  if (!name?.trim()) return people;
  if (people.length > 1) throw invalidField('name', 'is for one person alone; add the others by themselves');
  return people.map((one) => ({ ...one, name: name.trim() }));
}
