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

/** `/preference/` is `/preference`: a slash at the end of a path changes nothing, but for pages whose own links are relative to it. */
export function stripLastSlash(url: string): string {
  if (url.startsWith('/schema/')) return url;
  return url.replace(/^(\/[^?]*[^/?])\/(?=\?|$)/, '$1');
}
