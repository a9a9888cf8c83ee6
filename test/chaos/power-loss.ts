/** What a disk keeps when the power goes: see disk-keeps.c. */
export interface PowerLoss {
  /** The folder that holds what was fsynced of the data. */
  readonly kept: string;
  env(dataDir: string): Record<string, string>;
}
