import type { Fault } from '../../kit/simulator.ts'
import type { Call, Centre } from '../centre.ts'
import type { WireObject } from '../wire-json.ts'

/** What a mobile transaction does; `fault` for what stays under way a while. */
export type MobileHandler = (
  centre: Centre,
  call: Call,
  data: WireObject,
  fault: Fault | null,
) => WireObject
