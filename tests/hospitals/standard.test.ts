import { generateKeyPairSync } from 'node:crypto'

import { createStandardHis } from '../../adapters/hospitals/standard/index.ts'
import { startHis } from '../../apps/simulators/his/index.ts'
import { TestClock } from '../../apps/simulators/his/testing.ts'
import { seededRandom } from '../../kernel/random.ts'
import { OPERATION_NAMES } from '../../modules/hospitals/index.ts'
import { journeyOf } from './journey.ts'
import { MONDAY, simulatorOptions } from './stage.ts'

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
const hub = pair()
const hospital = pair()

journeyOf({
  name: '[H1] [H2] the standard interface',
  operations: new Set(OPERATION_NAMES),
  reopens: true,
  listsDeposits: false,
  async open() {
    const clock = new TestClock(MONDAY)
    const options = simulatorOptions(clock)
    const his = await startHis({
      ...options,
      keys: {
        hospitalKeyId: 'hospital-1',
        hospitalPrivateKeyPem: hospital.privateKey,
        hubKeyId: 'hub',
        hubPublicKeyPem: hub.publicKey,
      },
    })
    const params = {
      baseUrl: his.url,
      hubKeyId: 'hub',
      hospitalKeyId: 'hospital-1',
      hubPrivateKeyPem: hub.privateKey,
      hospitalPublicKeyPem: hospital.publicKey,
    }
    const random = seededRandom('standard')
    const system = createStandardHis(params, { clock, random, timeoutMs: 20_000 })
    return { system, his, clock, close: () => his.stop() }
  },
})
