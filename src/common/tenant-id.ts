declare const brand: unique symbol;
/** A tenant's id. Branded, so that no other string can be passed as a tenant. */
export type TenantId = string & { readonly [brand]: true };

export function asTenantId(id: string): TenantId {
  return id as TenantId;
}
