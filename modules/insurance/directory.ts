import type { HospitalId } from '../../kernel/id.ts'
import type { Trace } from '../../platform/exchange.ts'
import type { Institution } from './centre/inquiries.ts'
import { callsOf, type NationalDependencies } from './national.ts'

/** fixmedins_type of 1201, by what it is; the transaction knows no agencies. */
const TYPES = { hospital: '1', pharmacy: '2' } as const
type DirectoryKind = keyof typeof TYPES

export type DirectoryReading =
  | { outcome: 'not_connected' }
  | { outcome: 'unread'; reason: string }
  | { outcome: 'read'; region: string; institutions: readonly Institution[] }

/** As many as one answer of 1201 can hold: of so many it may have left some out, and it has no pages. */
const MOST_ROWS = 999

/** 1201 without a name: all institutions of a kind that the hospital's region has designated, or why there is no such list. */
export const createDirectoryReading =
  (deps: NationalDependencies) =>
  async (hospitalId: HospitalId, kind: DirectoryKind, trace: Trace): Promise<DirectoryReading> => {
    const centre = await deps.nationalOf(hospitalId)
    if (!centre) return { outcome: 'not_connected' }
    const nextCall = callsOf(deps, centre, { hospitalId, trace })
    const which = { kind: TYPES[kind], code: null, name: null }
    const answer = await centre.institutions(await nextCall(), which)
    if (answer.outcome === 'refused') return { outcome: 'unread', reason: answer.message }
    if (answer.outcome === 'unknown') return { outcome: 'unread', reason: answer.reason }
    const institutions = answer.data
    return institutions.length >= MOST_ROWS
      ? { outcome: 'unread', reason: `cut at ${MOST_ROWS} rows` }
      : { outcome: 'read', region: centre.admdvs, institutions }
  }
