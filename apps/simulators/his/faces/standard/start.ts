import { type HisSimulator, type HospitalOptions, openHospital } from '../../hospital.ts'
import { standardFace } from './face.ts'
import { createHubClient } from './hub-client.ts'
import { createSigning, type HisKeys } from './signing.ts'

export type HisOptions = HospitalOptions & {
  keys: HisKeys
  /** Where its refund requests go: 'http://127.0.0.1:port'; null for a HIS that asks for none. */
  hubUrl: string | null
}

/**
 * A hospital that speaks docs/interface/hospital-standard.md.
 *
 * Errors: asserts on keys that are neither RSA of 2048 bits or more nor of SM2; a port that is taken is the system's.
 */
export const startHis = (options: HisOptions): Promise<HisSimulator> =>
  openHospital(options, (his) => {
    const { clock, random, faults, hospital, hubUrl } = options
    const signing = createSigning({ clock, random, store: his.store }, options.keys)
    const hub = hubUrl === null ? null : createHubClient(signing, hubUrl, hospital.id)
    return { face: standardFace(his, signing, faults), hub }
  })
