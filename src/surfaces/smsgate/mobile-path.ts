/** Below the address that is entered in the app; the app's own server has it there. */
export const MOBILE_PATH = 'api/mobile/v1';
