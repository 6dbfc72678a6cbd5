import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import {
  createDescribedHospital,
  mustReadProduct,
} from '../../../adapters/hospitals/declarative/index.ts'
import { TestClock } from '../../../apps/simulators/his/testing.ts'
import { seededRandom } from '../../../kernel/random.ts'
import { createOwnMemory, type OperationName } from '../../../modules/hospitals/index.ts'
import { journeyOf } from '../journey.ts'
import { MONDAY, simulatorOptions } from '../stage.ts'
import { startUnseenHis } from './start.ts'

const text = readFileSync(join(import.meta.dirname, 'product.yaml'), 'utf8')
const product = mustReadProduct(text)
const params = { institution: '4401880012', operator: 'YQ01', signKey: 'a-key-of-the-tests' }

journeyOf({
  name: '[H2] a product that nobody has met',
  operations: new Set(Object.keys(product.operations) as OperationName[]),
  reopens: true,
  listsDeposits: false,
  async open() {
    const clock = new TestClock(MONDAY)
    const own = { institution: params.institution, key: params.signKey }
    const his = await startUnseenHis({ ...simulatorOptions(clock), ...own })
    const words = { params: { ...params, baseUrl: his.url }, codes: {} }
    const deps = {
      clock,
      random: seededRandom('unseen'),
      timeoutMs: 20_000,
      memory: createOwnMemory(),
    }
    const system = createDescribedHospital(product, words, deps)
    return { system, his, clock, close: () => his.stop() }
  },
})
