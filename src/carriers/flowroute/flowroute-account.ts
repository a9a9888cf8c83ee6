export const FLOWROUTE_APIS = ['v2.1', 'v2.2'] as const;
export type FlowrouteApi = (typeof FLOWROUTE_APIS)[number];

export const FLOWROUTE_BODIES = ['wrapped', 'flat'] as const;
export type FlowrouteBody = (typeof FLOWROUTE_BODIES)[number];
