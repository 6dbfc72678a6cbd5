import { expect, it } from 'vitest'

import { startSoapHis } from '../../apps/simulators/his/index.ts'
import { TestClock } from '../../apps/simulators/his/testing.ts'
import { journeyOf } from './journey.ts'
import { describedSystem, exchanges, MONDAY, operationsOf, simulatorOptions } from './stage.ts'

const HOSPITAL = '4507'
const account = { synUserName: 'yiqiao', synKey: 'a-key-of-the-tests' }

journeyOf({
  name: '[H2] soap',
  operations: operationsOf('soap'),
  reopens: true,
  listsDeposits: true,
  async open() {
    const clock = new TestClock(MONDAY)
    const options = { ...simulatorOptions(clock), hospitalCode: HOSPITAL, account }
    const his = await startSoapHis(options)
    const params = {
      baseUrl: his.url,
      hospitalId: HOSPITAL,
      terminalCode: 'YIQIAO',
      payType: '5',
      ...account,
    }
    return { system: describedSystem('soap', params, clock), his, clock, close: () => his.stop() }
  },
})

it('[H2] keeps the key of the account out of what is kept of the exchanges', () => {
  const kept = JSON.stringify(exchanges)
  expect(kept.includes('bills.writeBack (bill)')).toBe(true)
  expect(kept.includes(account.synKey)).toBe(false)
})
