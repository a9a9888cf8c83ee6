import http from 'node:http';
import https from 'node:https';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config/load-config.js';
import { oneCall, type HttpCall, type HttpOutcome } from './one-call.js';
import { addressIn, isPublic, publicLookup } from './public-addresses.js';

const LONGEST_BODY = 64 * 1024;
const LONGEST_URL = 2000;

/**
 * Calls to addresses that tenants give. In production, without WEBHOOK_ALLOW_PRIVATE, only public ones are called, since this machine and
 * its network trust us more than a tenant. Each call has a connection of its own, and no redirect is followed.
 */
@Injectable()
export class HttpOut {
  private readonly onlyPublic: boolean;
  private readonly means;

  constructor(config: Config) {
    this.onlyPublic = !(config.WEBHOOK_ALLOW_PRIVATE ?? !config.isProduction);
    const lookup = this.onlyPublic ? { lookup: publicLookup } : {};
    this.means = {
      longestBody: LONGEST_BODY,
      agents: { 'http:': new http.Agent(lookup), 'https:': new https.Agent(lookup) },
    };
  }

  /** What is wrong with a URL that a tenant gives; null: nothing that can be seen before the call. */
  problemOf(url: string): string | null {
    if (url.length > LONGEST_URL) return `must have ${LONGEST_URL} characters or less`;
    const read = parsed(url);
    if (!read || !['http:', 'https:'].includes(read.protocol))
      return 'must be a URL that begins with https:// or http://';
    if (read.username || read.password) return 'must have no user name or password in it; the signature says who calls';
    const address = addressIn(read.hostname);
    const isRefused = this.onlyPublic && address !== null && !isPublic(address);
    return isRefused ? 'must not be an address of this machine or of a private network' : null;
  }

  /** Never throws. `unsent` with the code `EPRIVATE`: the address isn't public. */
  async call(call: HttpCall): Promise<HttpOutcome> {
    // The lookup isn't asked for what is an address already.
    if (this.problemOf(call.url) !== null) return { kind: 'unsent', code: 'EPRIVATE' };
    return oneCall(call, this.means);
  }
}

function parsed(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}
