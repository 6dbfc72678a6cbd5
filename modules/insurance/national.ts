import type { HospitalId } from '../../kernel/id.ts'
import type { Trace } from '../../platform/exchange.ts'
import type { NationalCentre } from './centre/national-centre.ts'
import { type Dependencies, msgidsOf } from './claim-work.ts'
import type { CentreCall, InsuranceCentre } from './insurance-centre.ts'

/** What stands on the whole of the national interface. */
export type NationalDependencies = Dependencies & {
  nationalOf: (hospitalId: HospitalId) => Promise<NationalCentre | null>
}

/** Messages to a centre, each under a number of its own. */
export function callsOf(
  { db, clock }: Pick<Dependencies, 'db' | 'clock'>,
  centre: Pick<InsuranceCentre, 'fixmedinsCode'>,
  { hospitalId, trace, signal = null }: Caller,
): (insuredRegion?: string | null) => Promise<CentreCall> {
  const nextMsgid = msgidsOf(db, clock, hospitalId, centre)
  return async (insuredRegion = null) => ({
    msgid: await nextMsgid(),
    insuredRegion,
    trace,
    signal,
  })
}

export type Caller = { hospitalId: HospitalId; trace: Trace; signal?: AbortSignal | null }
