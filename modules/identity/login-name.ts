import type { Seal } from '../../platform/seal.ts'
import type { App } from './tables.ts'

/** The digest under which a login name is kept: it is often a phone number, and so not kept itself. */
export const loginIndexOf = (seal: Seal, app: App, login: string): string =>
  seal.blindIndex(`identity.login.${app}`, login.normalize('NFKC').trim().toLowerCase())
