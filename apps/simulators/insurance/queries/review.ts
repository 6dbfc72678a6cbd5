import { type Handler, newNumber } from '../centre.ts'
import {
  amount,
  dateTime,
  decimal,
  optional,
  type Read,
  readFields,
  readList,
  text,
} from '../fields.ts'
import { requireMember } from '../people.ts'
import { memberOf, type WireObject, yuan } from '../wire-json.ts'

/** 3101 and 3102: the centre's rules held against what is ordered or billed. It says what it finds, and refuses nothing. */
export const reviewOrders: Handler = (centre, call) => {
  const node = memberOf(call.input, 'data')
  const data = readFields(node, REVIEWED, 'data')
  requireMember(centre, call, data.patn_id, 'data.patn_id')
  const orders = readList(
    memberOf(node, 'fsi_order_dtos'),
    ORDER,
    'data.fsi_order_dtos',
    MOST_ORDERS,
  )
  const found = [...orderedTwice(orders), ...tooMany(orders)]
  return {
    result: found.map(({ order, rule, says, evidence }) => ({
      jr_id: newNumber(centre, call.at),
      rule_id: rule.id,
      rule_name: rule.name,
      vola_cont: says,
      mdtrt_id: data.curr_mdtrt_id,
      feedetl_sn: order.rx_id,
      vola_amt: yuan(order.sumamt),
      sev_deg: rule.severity,
      vola_evid: evidence,
    })) as WireObject[],
  }
}

const MOST_ORDERS = 300
/** cnt has four decimals. */
const MOST_OF_AN_ITEM = 30n * 10_000n

const TWICE = { id: 'R0001', name: '重复开单', severity: '2' }
const TOO_MANY = { id: 'R0002', name: '超限定数量', severity: '1' }

/** The second and every further order of one item. */
function orderedTwice(orders: readonly Order[]): Finding[] {
  const first = new Map<string, Order>()
  return orders.flatMap((order) => {
    const before = first.get(order.hilist_code)
    if (!before) {
      first.set(order.hilist_code, order)
      return []
    }
    const says = `${order.hosplist_name}与同次医嘱重复`
    const evidence = `同次医嘱${before.rx_id}已开${order.hilist_code}`
    return [{ order, rule: TWICE, says, evidence }]
  })
}

const tooMany = (orders: readonly Order[]): Finding[] =>
  orders
    .filter(({ cnt }) => cnt > MOST_OF_AN_ITEM)
    .map((order) => ({
      order,
      rule: TOO_MANY,
      says: `${order.hosplist_name}数量超过30`,
      evidence: '单次限30',
    }))

const REVIEWED = { patn_id: text(50), curr_mdtrt_id: text(30), diag_code: optional(text(20)) }
const ORDER = {
  rx_id: text(50),
  hilist_code: text(50),
  hosplist_name: text(200),
  cnt: decimal(16, 4),
  sumamt: amount,
  drord_begn_date: dateTime,
}

type Order = Read<typeof ORDER>
type Finding = {
  order: Order
  rule: typeof TWICE
  says: string
  evidence: string
}
