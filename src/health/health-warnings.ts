import { Injectable } from '@nestjs/common';

/**
 * What doesn't work although the gateway does. Features register theirs; `GET /health/ready`, which is public, shows them, so they name no
 * tenant.
 */
@Injectable()
export class HealthWarnings {
  private readonly sources: (() => readonly string[])[] = [];

  register(source: () => readonly string[]): void {
    this.sources.push(source);
  }

  get all(): string[] {
    return this.sources.flatMap((source) => source());
  }
}
