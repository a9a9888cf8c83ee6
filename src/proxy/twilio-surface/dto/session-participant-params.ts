import { IsString } from 'class-validator';

/** `:id` and `:participantId` in a path; a malformed one is unknown like any other. */
export class SessionParticipantParams {
  @IsString()
  id!: string;

  @IsString()
  participantId!: string;
}
