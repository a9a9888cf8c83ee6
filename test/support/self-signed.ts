import { generateKeyPairSync, sign } from 'node:crypto';

/** One element of ASN.1's DER. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const size = body.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** ecdsa-with-SHA256, and the name of a subject. */
const ALGORITHM = sequence(der(0x06, hex('2a8648ce3d040302')));
const NAME = sequence(der(0x31, sequence(der(0x06, hex('550403')), der(0x0c, Buffer.from('localhost')))));

/** A certificate for 127.0.0.1 that only its owner has signed, made anew for each server. */
export function selfSigned(): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const time = (text: string): Buffer => der(0x18, Buffer.from(text));
  const address = sequence(der(0x87, Buffer.from([127, 0, 0, 1])));
  const names = sequence(sequence(der(0x06, hex('551d11')), der(0x04, address)));
  const certificate = sequence(
    der(0xa0, der(0x02, hex('02'))),
    der(0x02, hex('01')),
    ALGORITHM,
    NAME,
    sequence(time('20200101000000Z'), time('21200101000000Z')),
    NAME,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, names),
  );
  const signature = der(0x03, hex('00'), sign('sha256', certificate, privateKey));
  const base64 = sequence(certificate, ALGORITHM, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}
