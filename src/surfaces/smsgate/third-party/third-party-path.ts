/** At the root, as the app's cloud has it; its private server has it below `/api`, which is stripped (`common/http/base-path`). */
export const THIRD_PARTY_PATH = '3rdparty/v1';
