import { join } from 'node:path'

import type { Random } from '../../kernel/random.ts'
import type { Clock } from '../../kernel/time.ts'
import {
  type HisSimulator,
  type SoapAccount,
  startGuangzhouHis,
  startSoapHis,
  startYuantuHis,
} from './his/index.ts'
import type { FaultPlan } from './kit/simulator.ts'
import { hospitalOf } from './region-channels.ts'
import type { World } from './world/index.ts'

/** A hospital of the world behind another product's face, with books of its own beside the region's. */
export type HospitalFace = {
  /** Of the world: whose name, departments and people it has. */
  hospitalId: number
  /** On 127.0.0.1; 0 takes any that is free. */
  port: number
  /** The hospital's number in the product's own world. */
  hospitalCode: string
} & (
  | { product: 'guangzhou' }
  | { product: 'yuantu'; callerPublicKeyPem: string }
  | { product: 'soap'; account: SoapAccount }
)

export type FaceSurroundings = {
  world: World
  clock: Clock
  random: Random
  faults: FaultPlan
  /** For the books, and for the files the guangzhou face lays. */
  folder: string
}

/** Errors: asserts on a hospital that is not of the world; a port that is taken is the system's. */
export function startHospitalFace(
  { world, folder, ...rest }: FaceSurroundings,
  face: HospitalFace,
): Promise<HisSimulator> {
  const name = `his-${face.product}-${face.hospitalId}`
  const options = {
    ...rest,
    databaseFile: join(folder, `${name}.sqlite`),
    port: face.port,
    hospital: hospitalOf(world, face.hospitalId),
    people: world.people,
    catalogue: world.catalogue,
    hospitalCode: face.hospitalCode,
  }
  switch (face.product) {
    case 'guangzhou':
      return startGuangzhouHis({ ...options, folder: join(folder, `${name}-files`) })
    case 'yuantu':
      return startYuantuHis({ ...options, callerPublicKeyPem: face.callerPublicKeyPem })
    case 'soap':
      return startSoapHis({ ...options, account: face.account })
  }
}
