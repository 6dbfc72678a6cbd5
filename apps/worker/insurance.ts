import type { NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Hub } from '../hub/create-hub.ts'
import { createCatalogues } from './catalogue.ts'

/** What is due at the insurance centres apart from payments: their catalogues, and the month's clearing. */
export function createCentres(
  hub: Pick<Hub, 'catalogue' | 'insurance' | 'hospitals'>,
  platform: { db: Db; clock: Clock; newId: NewId },
  onError: (error: unknown) => void = () => undefined,
) {
  const catalogues = createCatalogues(hub, platform, onError)
  return { workOff: () => catalogues.workOff() }
}
