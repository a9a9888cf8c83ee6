export const CHT_PATH = 'cht';
