import { join } from 'node:path'

import { fen } from '../../kernel/money.ts'
import { customersOf, startLender } from './lender/index.ts'
import type { OutsideParts } from './region-channels.ts'
import type { WorldHospital } from './world/index.ts'

// The bank of a region that lends against visits. Everybody has an account with it; it decides itself whom it lends.

const HOSPITAL_LIMIT = fen(2_000_000_00)

/** The bank's number of a hospital: 'H0001'. */
export const hospCodeOf = ({ id }: Pick<WorldHospital, 'id'>) => `H${String(id).padStart(4, '0')}`

export function startLendingBank({ world, secrets, folder, ...rest }: OutsideParts) {
  const { bank, hub, partnerNo } = secrets.lender
  const hospCodes = world.hospitals.map(hospCodeOf)
  return startLender({
    ...rest,
    databaseFile: join(folder, 'lender.sqlite'),
    privateKeyPem: bank.privateKeyPem,
    partners: [{ partnerNo, publicKeyPem: hub.publicKeyPem, signType: 'RSA2', hospCodes }],
    hospitals: hospCodes.map((hospCode) => ({ hospCode, limitFen: HOSPITAL_LIMIT })),
    customers: customersOf(world.people, 'region'),
  })
}
