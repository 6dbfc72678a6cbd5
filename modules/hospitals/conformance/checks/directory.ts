import { type Check, checksOf } from '../check.ts'
import { expectThat, okOf } from '../outcome.ts'

const check = checksOf('system')
const MOST_SECONDS_OFF = 300

export const directoryChecks: readonly Check[] = [
  check(
    'heartbeat',
    'answer',
    ['心跳答复当前时刻', 'the heartbeat tells the time'],
    async ({ his, call, clock }) => {
      const { at } = okOf('heartbeat', await his.heartbeat(call), 'a heartbeat')
      const seconds = Math.abs(at.getTime() - clock.now().getTime()) / 1_000
      expectThat(seconds <= MOST_SECONDS_OFF, 'its clock', 'at most 300 s off', at.toISOString())
    },
  ),
  check(
    'departments.list',
    'answer',
    ['科室与医生目录', 'departments and doctors are listed'],
    async ({ his, call }) => {
      const list = okOf('departments.list', await his.departments(call), 'the departments')
      expectThat(list.length > 0, 'how many departments', 'one or more', list.length)
    },
  ),
]
