import { generateKeyPairSync } from 'node:crypto'

import {
  readStandardHisParams,
  type StandardHisParams,
} from '../../../adapters/hospitals/standard/index.ts'
import type { Fixtures } from '../../../modules/hospitals/index.ts'
import { systemRandom } from '../../../platform/system.ts'
import { startHis } from '../../simulators/his/index.ts'
import { openHands, openLiar, type Planted } from '../../simulators/his/planted/index.ts'
import { createWorld } from '../../simulators/world/index.ts'
import type { FollowingClock } from './clock.ts'
import { openListener, type OpenListener } from './listener.ts'

export type TrialHospital = {
  /** Of the door that is tried. */
  params: StandardHisParams
  fixtures: Fixtures
  /** Where the hospital believes the hub to be. */
  listener: OpenListener
  close(): Promise<void>
}

/** The reference simulator with its hands, or a planted hospital in front of it. Its books are forgotten when it closes. */
export async function openTrialHospital({
  keys,
  planted,
  clock,
}: {
  keys: TrialKeys
  planted: Planted | null
  clock: FollowingClock
}): Promise<TrialHospital> {
  const { hospital, people, catalogue } = region()
  const ear = { ...keys.params, baseUrl: 'http://127.0.0.1' }
  const listener = await openListener(0, { keys: ear, clock })
  const his = await startHis({
    clock,
    random: systemRandom,
    faults: () => null,
    databaseFile: ':memory:',
    port: 0,
    hospital,
    people,
    catalogue,
    keys: keys.hospital,
    hubUrl: listener.url,
  })
  const hands = await openHands({
    his,
    hospital,
    catalogue,
    clock,
    moveClock: (ms) => clock.move(ms),
  })
  const liar = await openLiar({
    truthUrl: his.url,
    clock,
    random: systemRandom,
    keys: keys.liar,
    lie: planted?.lie() ?? (() => Promise.resolve(null)),
    isUnsigned: planted?.isUnsigned ?? false,
  })
  const baseUrl = planted === null ? his.url : liar.url
  return {
    params: readStandardHisParams({ ...keys.params, baseUrl }),
    fixtures: { patients: testPatients(), hands: { url: hands.url } },
    listener,
    async close() {
      await liar.close()
      await hands.close()
      await his.stop()
      await listener.close()
    },
  }
}

const world = createWorld('conformance', { people: 40 })

function region() {
  const [hospital] = world.hospitals
  if (!hospital) throw new Error('the world has a hospital')
  return { hospital, people: world.people, catalogue: world.catalogue }
}

/** Two of those who have a card of the hospital. */
function testPatients(): Fixtures['patients'] {
  const { hospital, people } = region()
  return people
    .filter(({ media }) => media.hospitalCards.some((card) => card.hospitalId === hospital.id))
    .slice(0, 2)
    .map(({ idCardNo, name }) => ({ idCardNo, name }))
}

export type TrialKeys = ReturnType<typeof newTrialKeys>

/** Keys of both sides, new for every run. */
export function newTrialKeys() {
  const [hospital, hub] = [newPair(), newPair()]
  const ids = { hospitalKeyId: 'hospital', hubKeyId: 'hub' }
  const own = { ...ids, hospitalPrivateKeyPem: hospital.privateKey }
  return {
    params: {
      ...ids,
      hubPrivateKeyPem: hub.privateKey,
      hospitalPublicKeyPem: hospital.publicKey,
    },
    hospital: { ...own, hubPublicKeyPem: hub.publicKey },
    liar: { ...own, hubPrivateKeyPem: hub.privateKey },
  }
}

const newPair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
