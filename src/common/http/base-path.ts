/** Strips a leading `prefix` segment; `/sms` is not the beginning of `/smss`. */
export function stripBasePath(url: string, prefix: string): string {
  if (prefix === '' || !url.startsWith(prefix)) return url;
  const rest = url.slice(prefix.length);
  if (rest === '') return '/';
  if (rest[0] === '?') return `/${rest}`;
  return rest[0] === '/' ? rest : url;
}

/** SMSGate's private server has its API for scripts below `/api`, its cloud at the root. */
export function stripApi(url: string): string {
  return url.replace(/^\/api(?=\/3rdparty\/)/, '');
}

/** `//health` is `/health`: what joins an address and a path easily has one slash too many. */
export function joinSlashes(url: string): string {
  if (!url.includes('//') || url[0] !== '/') return url;
  const end = url.indexOf('?');
  return end === -1 ? url.replace(/\/{2,}/g, '/') : url.slice(0, end).replace(/\/{2,}/g, '/') + url.slice(end);
}

/** The path as it was called, with what stands before the route: for a Location below it. */
export function calledPath(originalUrl: string): string {
  return stripLastSlash(joinSlashes(originalUrl.split('?')[0]!));
}

/** `/preference/` is `/preference`: a slash at the end of a path changes nothing, but for pages whose own links are relative to it. */
export function stripLastSlash(url: string): string {
  if (url.startsWith('/schema/')) return url;
  return url.replace(/^(\/[^?]*[^/?])\/(?=\?|$)/, '$1');
}
