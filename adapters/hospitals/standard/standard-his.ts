import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import {
  type Ask,
  createHospitalSystem,
  type HospitalSystem,
} from '../../../modules/hospitals/index.ts'
import type { StandardHisParams } from './params.ts'
import { createTransport } from './transport.ts'

type Options = {
  clock: Clock
  random: Random
  timeoutMs: number
  /** What stands around every question, as a bulkhead does. */
  around?: (ask: Ask) => Ask
}

/** A HIS that speaks the standard interface as it stands. Protocol: docs/interface/hospital-standard.md. */
export const createStandardHis = (
  params: StandardHisParams,
  { around = (ask) => ask, ...options }: Options,
): HospitalSystem => createHospitalSystem(around(createTransport(params, options)))
