import { generateKeyPairSync } from 'node:crypto'

import { startYuantuHis } from '../../apps/simulators/his/index.ts'
import { TestClock } from '../../apps/simulators/his/testing.ts'
import { journeyOf } from './journey.ts'
import { describedSystem, MONDAY, operationsOf, simulatorOptions } from './stage.ts'

const HOSPITAL = '549'

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

journeyOf({
  name: '[H2] yuantu',
  operations: operationsOf('yuantu'),
  reopens: true,
  listsDeposits: true,
  async open() {
    const clock = new TestClock(MONDAY)
    const his = await startYuantuHis({
      ...simulatorOptions(clock),
      hospitalCode: HOSPITAL,
      callerPublicKeyPem: publicKey,
    })
    const params = {
      baseUrl: his.url,
      hospitalId: HOSPITAL,
      operId: 'YIQIAO',
      tradeMode: 'WX',
      privateKey,
    }
    return { system: describedSystem('yuantu', params, clock), his, clock, close: () => his.stop() }
  },
})
