import { startGuangzhouHis } from '../../apps/simulators/his/index.ts'
import { TestClock } from '../../apps/simulators/his/testing.ts'
import { journeyOf } from './journey.ts'
import {
  describedSystem,
  MONDAY,
  operationsOf,
  simulatorOptions,
  temporaryFolder,
} from './stage.ts'

const HOSPITAL = '440188'

journeyOf({
  name: '[H2] guangzhou',
  operations: operationsOf('guangzhou'),
  reopens: false,
  listsDeposits: true,
  async open() {
    const clock = new TestClock(MONDAY)
    const { folder, remove } = temporaryFolder()
    const options = { ...simulatorOptions(clock), hospitalCode: HOSPITAL, folder }
    const his = await startGuangzhouHis(options)
    const params = {
      baseUrl: his.url,
      hospitalId: HOSPITAL,
      files: folder,
      payMode: '9',
      medCode: '414',
    }
    const system = describedSystem('guangzhou', params, clock)
    const close = async () => {
      await his.stop()
      remove()
    }
    return { system, his, clock, close }
  },
})
