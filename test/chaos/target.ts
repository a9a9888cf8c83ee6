/** The gateway of the moment. */
export interface Target {
  /** None while none is up for the load. */
  url: string | undefined;
  /** Counts the gateways so far. */
  turn: number;
}
