import type { NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db } from '../../platform/db.ts'
import type { Identity } from '../identity/index.ts'

export type FamilyDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  audit: Audit
  identity: Pick<
    Identity,
    'recordsOf' | 'currentPersonOf' | 'factsOf' | 'findPersonByMedium' | 'resolveAtDesk'
  >
}
