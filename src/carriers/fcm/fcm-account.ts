import { readServiceAccount, type ServiceAccount } from '../../domain/firebase.js';
import type { AccountValues } from '../carrier-kinds.js';

export interface FcmAccount {
  projectId: string;
  serviceAccount: ServiceAccount;
}

/** @throws when a field isn't what the PUT and the configuration let through. */
export function readAccount({ project_id: projectId, service_account: account }: AccountValues): FcmAccount {
  const serviceAccount = readServiceAccount(String(account));
  if (!serviceAccount) throw new Error('The service account can not be read');
  return { projectId: String(projectId), serviceAccount };
}
