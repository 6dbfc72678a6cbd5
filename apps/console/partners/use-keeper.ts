import { may, useStaff } from '../shell/staff.ts'
import type { Application } from './model.ts'

/** What the one who looks may change: of an application's access here, and as its home of its secrets and keys. */
export function useKeeper({ homeHospital }: Pick<Application, 'homeHospital'>) {
  const staff = useStaff()
  const isKeeper = may(staff, 'keepPartners')
  const isHome = homeHospital === staff.hospitalId
  return { hospitalId: staff.hospitalId, isKeeper, isHome, keepsSecrets: isKeeper && isHome }
}
