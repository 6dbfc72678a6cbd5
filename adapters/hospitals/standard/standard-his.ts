import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import { createHospitalSystem, type HospitalSystem } from '../../../modules/hospitals/index.ts'
import type { StandardHisParams } from './params.ts'
import { createTransport } from './transport.ts'

/** A HIS that speaks the standard interface as it stands. Protocol: docs/interface/hospital-standard.md. */
export const createStandardHis = (
  params: StandardHisParams,
  options: { clock: Clock; random: Random; timeoutMs: number },
): HospitalSystem => createHospitalSystem(createTransport(params, options))
