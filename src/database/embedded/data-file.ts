/** The file in DATA_DIR that has everything but the generated secrets. */
export const DATA_FILE = 'trunkline.db';
