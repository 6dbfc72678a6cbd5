import type { HospitalId } from '../../../kernel/id.ts'
import type { GatewayParams } from './params.ts'

/** How the bank numbers a hospital; null for one that it does not serve. */
export const hospCodeOf = ({ hospitals }: GatewayParams, wanted: HospitalId): string | null =>
  hospitals.find(({ hospitalId }) => hospitalId === Number(wanted))?.hospCode ?? null

/** The hospital that a bank's number is of; null for one that is none of ours. */
export function hospitalIdOf({ hospitals }: GatewayParams, wanted: string): HospitalId | null {
  const found = hospitals.find(({ hospCode }) => hospCode === wanted)
  return found ? (found.hospitalId as HospitalId) : null
}
