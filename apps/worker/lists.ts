import type { Patiently } from '../../kernel/at-once.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addMs, type Clock, SECOND_MS } from '../../kernel/time.ts'
import type { Hub } from '../hub/create-hub.ts'
import { createTurns } from './turns.ts'

const LOOK_EVERY_MS = 10 * SECOND_MS

/** Lists that come as files: those that others put into a folder, and those that are fetched from where they are. */
export function createListIntake({ statementFiles, hospitals }: Intake, options: IntakeOptions) {
  const { clock, statementInbox: folder, patiently, onError } = options
  const inTurn = createTurns(patiently)
  const dropIn = folder === undefined ? null : statementFiles.dropIn({ folder, hospitals: byCode })
  let lookedAt: Date | null = null
  return { lookIntoInbox, fetchLists }

  /**
   * Looks into <folder>/<hospital's insurance code>/<source>/. To be called as often as one likes: it looks every ten
   * seconds by the clock, and without a folder never. Returns how many files were taken or refused.
   */
  async function lookIntoInbox(): Promise<number> {
    const now = clock.now()
    if (!dropIn || (lookedAt && now < addMs(lookedAt, LOOK_EVERY_MS))) return 0
    lookedAt = now
    if (!onError) return dropIn.poll()
    return dropIn.poll().catch((error: unknown) => {
      onError(error)
      return 0
    })
  }

  /** Asks for the lists that are due, apart from the rest, as one may take minutes to come; returns how many it asked for. */
  async function fetchLists(): Promise<number> {
    return inTurn(await hospitals.list(), (id) => statementFiles.fetchDue(id))
  }

  async function byCode(): Promise<ReadonlyMap<string, HospitalId>> {
    const all = await hospitals.list()
    return new Map(all.map(({ id, insuranceCode }) => [insuranceCode, id]))
  }
}

type Intake = {
  statementFiles: Pick<Hub['statementFiles'], 'dropIn' | 'fetchDue'>
  hospitals: { list(): Promise<readonly { id: HospitalId; insuranceCode: string }[]> }
}

type IntakeOptions = {
  clock: Clock
  statementInbox?: string | undefined
  patiently: Patiently
  onError?: ((error: unknown) => void) | undefined
}
