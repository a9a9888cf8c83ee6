import type { FastifyRequest } from 'fastify';

const NAME = 'trunkline_session';

/** The token of whoever has logged in on our page. */
export function sessionToken({ headers }: Pick<FastifyRequest, 'headers'>): string | null {
  const cookies = (headers.cookie ?? '').split(';').map((one) => one.trim());
  return cookies.find((one) => one.startsWith(`${NAME}=`))?.slice(NAME.length + 1) || null;
}

/** No script reads it, and no page of another site makes a browser send it. With no seconds it is forgotten. */
export function sessionCookie(token: string, seconds: number, isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : '';
  return `${NAME}=${token}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}
