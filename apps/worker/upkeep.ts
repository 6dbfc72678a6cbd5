import { MINUTE_MS } from '../../kernel/time.ts'
import type { Platform } from '../../platform/context.ts'
import type { Hub } from '../hub/create-hub.ts'
import { createBookKeeping } from './book-keeping.ts'
import { createHousekeeping } from './housekeeping.ts'
import { createSealingTurns } from './sealing.ts'

/** What nobody waits for: forgetting what is not needed any more, keeping books in order, and sealing what was written. */
export function createUpkeep(
  hub: Hub,
  platform: Platform,
  { upkeepMs = MINUTE_MS, onError }: UpkeepOptions,
) {
  const { keepHouse } = createHousekeeping(hub, platform, onError)
  const { keepBooks } = createBookKeeping(hub, platform, upkeepMs, onError)
  const { sealDue } = createSealingTurns(hub, platform, upkeepMs, onError)
  const keepUp = async (): Promise<void> => {
    await keepHouse()
    await keepBooks()
    await sealDue()
  }
  return { keepUp }
}

type UpkeepOptions = { upkeepMs?: number; onError?: (error: unknown) => void }
