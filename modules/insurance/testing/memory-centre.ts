import { assert } from '../../../kernel/assert.ts'
import { addFen, type Fen, fen, minFen, subtractFen } from '../../../kernel/money.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { FilingCentre, TransferFiling } from '../centre/filing.ts'
import type {
  CentreAnswer,
  CentreCall,
  ComparedRow,
  Details,
  DifferenceRow,
  InsuranceCentre,
  KnownSettlement,
  RefusalCode,
  SettleRequest,
} from '../insurance-centre.ts'
import { figuresUnder, splitOf } from './policy.ts'

/** What may happen to the next message of a transaction. */
export type Fault =
  | 'lost_request' // it never arrives
  | 'lost_answer' // it takes effect and the answer is lost
  | 'late' // nobody waits any more when it arrives: see deliverLate
  | 'crash_before' // our process dies with the message unsent
  | 'crash_after' // our process dies with the answer unread
  | 'hang' // our process stops there and never comes back
  | { refuse: string; code?: RefusalCode }
  | { answerAfter: Promise<void> } // it takes effect at once and the answer takes its time

export type CentreSettlement = KnownSettlement & {
  mdtrtId: string
  psnNo: string
  kind: 'charge' | 'return'
  standing: boolean // not cancelled, not reversed
}

type Visit = { psnNo: string; visitNo: string; lineIds: Set<string>; batches: Map<string, Details> }
type Insured = {
  psnNo: string
  insurances: { insutype: string; active: boolean; insuredRegion?: string }[]
  balanceFen: Fen
}

/**
 * A small insurance centre with a memory of its own: strict about what it was told, lossy as the
 * test wants it. It knows nothing of the module's tables, so that the two can be compared.
 */
export class MemoryCentre implements InsuranceCentre, Pick<FilingCentre, 'transferFilings'> {
  readonly fixmedinsCode = 'H99010000001'
  readonly admdvs = '370200'
  settlesUnfiled = true
  /** Message numbers as they came, with their transactions. */
  readonly log: { infno: string; msgid: string }[] = []
  /** By what the person was known, for each 2206. */
  readonly credentialKinds: string[] = []
  readonly visits = new Map<string, Visit>()
  readonly settlements: CentreSettlement[] = []
  readonly people = new Map<string, Insured>()
  filings: TransferFiling[] = []
  /** How a message number that is known is answered: with the same answer, or with a no. */
  repeats: 'same' | 'refused' = 'same'
  /** 5203 without a setl_id: some centres find the visit's settlement, others say that there is none. */
  findsByVisit = true
  hospitalFen = fen(0)
  /** Settled as something else than quoted. */
  settlesFen: Fen | null = null
  comparison: { rows: DifferenceRow[] | 'truncated'; uploaded: ComparedRow[] } = {
    rows: [],
    uploaded: [],
  }
  readonly #faults = new Map<string, Fault[]>()
  readonly #answers = new Map<string, CentreAnswer<unknown>>()
  readonly #reversible = new Map<string, () => void>()
  readonly #late: (() => unknown)[] = []
  readonly #clock: Clock
  #serial = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  fault(infno: string, ...faults: Fault[]) {
    this.#faults.set(infno, [...(this.#faults.get(infno) ?? []), ...faults])
  }

  heal() {
    this.#faults.clear()
  }

  deliverLate() {
    for (const arrive of this.#late.splice(0)) arrive()
  }

  /** What the centre pays on balance, by its own books. */
  paidFen(): Fen {
    const standing = this.settlements.filter((s) => s.kind === 'charge' && s.standing)
    return addFen(...standing.map((s) => addFen(s.figures.fundFen, s.figures.accountFen)))
  }

  signIn = () => Promise.resolve({ outcome: 'ok' as const, data: { signNo: 'S' } })

  person: InsuranceCentre['person'] = (call, credential) =>
    this.#serve('1101', call, () => {
      const insured = this.people.get(credential.number)
      if (!insured) return no('查无此人')
      const { psnNo, insurances, balanceFen } = insured
      const region = { insuredRegion: '370203', balanceFen }
      return yes({ psnNo, insurances: insurances.map((i) => ({ ...region, ...i })) })
    })

  transferFilings: FilingCentre['transferFilings'] = (call) =>
    this.#serve('5304', call, () => yes(this.filings))

  register: InsuranceCentre['register'] = (call, { psnNo, visitNo }) =>
    this.#serve('2201', call, () => {
      if ([...this.visits.values()].some((v) => v.visitNo === visitNo)) return no('门诊号重复')
      const mdtrtId = this.#next('M')
      this.visits.set(mdtrtId, { psnNo, visitNo, lineIds: new Set(), batches: new Map() })
      return yes({ mdtrtId })
    })

  cancelRegistration: InsuranceCentre['cancelRegistration'] = (call, { mdtrtId }) =>
    this.#serve('2202', call, () => (this.visits.delete(mdtrtId) ? yes(null) : no('就诊不存在')))

  visitInfo: InsuranceCentre['visitInfo'] = (call, { mdtrtId }) =>
    this.#serve('2203', call, () => (this.visits.has(mdtrtId) ? yes(null) : no('就诊不存在')))

  uploadDetails: InsuranceCentre['uploadDetails'] = (call, details) =>
    this.#serve('2204', call, () => {
      const visit = this.visits.get(details.mdtrtId)
      if (!visit) return no('就诊不存在')
      if (details.lines.some((line) => visit.lineIds.has(line.lineId))) return no('明细流水号重复')
      for (const line of details.lines) visit.lineIds.add(line.lineId)
      visit.batches.set(details.batchNo, details)
      return yes(details.lines.map((line) => ({ lineId: line.lineId, ...splitOf(line) })))
    })

  cancelDetails: InsuranceCentre['cancelDetails'] = (call, { mdtrtId, batchNo }) =>
    this.#serve('2205', call, () =>
      this.visits.get(mdtrtId)?.batches.delete(batchNo) ? yes(null) : no('批次不存在'),
    )

  preSettle: InsuranceCentre['preSettle'] = (call, request) => {
    this.credentialKinds.push(request.credential.kind)
    return this.#serve('2206', call, () => this.#figures(request))
  }

  settle: InsuranceCentre['settle'] = (call, request) =>
    this.#serve('2207', call, () => {
      const answer = this.#figures(request)
      if (answer.outcome !== 'ok') return answer
      if (this.#standing(request.mdtrtId)) return no('该就诊已结算')
      const insured = this.#insured(request.psnNo)
      const figures = answer.data
      insured.balanceFen = subtractFen(insured.balanceFen, figures.accountFen)
      const settlement = this.#book(call, request, { kind: 'charge', figures })
      this.#reversible.set(call.msgid, () => this.#undo(settlement))
      return yes(settlement)
    })

  cancelSettlement: InsuranceCentre['cancelSettlement'] = (call, { mdtrtId, psnNo, setlId }) =>
    this.#serve('2208', call, () => {
      const old = this.settlements.find((s) => s.setlId === setlId && s.kind === 'charge')
      if (!old?.standing) return no('结算已退费')
      this.#undo(old)
      old.refunded = true
      const { figures } = old
      const cancellation = this.#book(call, { mdtrtId, psnNo }, { kind: 'return', figures })
      this.#reversible.set(call.msgid, () => {
        cancellation.standing = false
        old.refunded = false
        old.standing = true
        const insured = this.#insured(psnNo)
        insured.balanceFen = subtractFen(insured.balanceFen, figures.accountFen)
      })
      return yes(cancellation)
    })

  reverse: InsuranceCentre['reverse'] = (call, { msgid }) =>
    this.#serve('2601', call, () => {
      const undo = this.#reversible.get(msgid)
      this.#reversible.delete(msgid)
      undo?.()
      return yes({ reversed: undo !== undefined })
    })

  querySettlement: InsuranceCentre['querySettlement'] = (call, { mdtrtId, setlId }) =>
    this.#serve('5203', call, () => {
      const known = this.settlements.filter((s) => s.mdtrtId === mdtrtId && s.standing)
      const bySetlId = this.settlements.find((s) => s.setlId === setlId)
      return yes(
        setlId === null ? (this.findsByVisit ? (known.at(-1) ?? null) : null) : (bySetlId ?? null),
      )
    })

  compareTotals: InsuranceCentre['compareTotals'] = (call, group) =>
    this.#serve('3201', call, () => {
      const theirs = this.settlements.filter((s) => isOf(s, group.insutype) && wasBooked(s))
      const signed = theirs.map((s) => (s.kind === 'charge' ? 1 : -1) * s.figures.totalFen)
      const same =
        signed.reduce((sum, amount) => sum + amount, 0) === group.totalFen &&
        theirs.length === group.count
      return yes({ result: same ? ('agrees' as const) : ('differs' as const), text: '' })
    })

  uploadFile: InsuranceCentre['uploadFile'] = (call, { rows }) =>
    this.#serve('9101', call, () => {
      this.comparison.uploaded = [...rows]
      return yes({ fileQueryNo: 'F1' })
    })

  compareDetails: InsuranceCentre['compareDetails'] = (call) =>
    this.#serve('3202', call, () => yes({ fileQueryNo: 'F2', filename: 'r.zip' }))

  downloadFile: InsuranceCentre['downloadFile'] = async (call) => {
    const { rows } = this.comparison
    if (rows === 'truncated') return { outcome: 'unreadable', code: 'truncated', reason: 'cut' }
    return this.#serve('9102', call, () => yes({ rows, text: JSON.stringify(rows) }))
  }

  async #serve<T>(
    infno: string,
    { msgid }: CentreCall,
    effect: () => CentreAnswer<T>,
  ): Promise<CentreAnswer<T>> {
    const fault = this.#faults.get(infno)?.shift()
    if (fault === 'crash_before') throw new Error('crashed before the call')
    if (fault === 'hang') return new Promise(() => undefined)
    this.log.push({ infno, msgid })
    const arrive = (): CentreAnswer<T> => {
      const known = this.#answers.get(msgid)
      if (known && this.repeats === 'refused') return no('报文ID重复')
      const answer = (known as CentreAnswer<T> | undefined) ?? effect()
      this.#answers.set(msgid, answer)
      return answer
    }
    switch (fault) {
      case undefined:
        return arrive()
      case 'lost_request':
        return LOST
      case 'late':
        this.#late.push(arrive)
        return LOST
      case 'lost_answer':
        arrive()
        return LOST
      case 'crash_after':
        arrive()
        throw new Error('crashed after the call')
      default: {
        if ('refuse' in fault) return { ...no(fault.refuse), ...codeOf(fault) }
        const answer = arrive()
        await fault.answerAfter
        return answer
      }
    }
  }

  #figures(request: SettleRequest) {
    const batch = this.visits.get(request.mdtrtId)?.batches.get(request.batchNo)
    if (!batch) return no('批次不存在')
    const { balanceFen } = this.#insured(request.psnNo)
    const accountFen = request.useAccount ? balanceFen : fen(0)
    const figures = figuresUnder(batch.lines, { accountFen, hospitalFen: this.hospitalFen })
    return figures.totalFen === request.totalFen ? yes(figures) : no('费用总额不符')
  }

  #book(
    { msgid }: CentreCall,
    { mdtrtId, psnNo }: { mdtrtId: string; psnNo: string },
    { kind, figures }: Pick<CentreSettlement, 'kind' | 'figures'>,
  ): CentreSettlement {
    const settlement: CentreSettlement = {
      mdtrtId,
      psnNo,
      kind,
      figures: this.settlesFen === null ? figures : { ...figures, fundFen: this.settlesFen },
      msgid,
      setlId: this.#next('S'),
      at: this.#clock.now(),
      refunded: kind === 'return',
      standing: true,
      clearing: { insutype: '310', clrType: '11', clrOptins: this.admdvs },
    }
    this.settlements.push(settlement)
    return settlement
  }

  #undo(settlement: CentreSettlement) {
    assert(settlement.standing, 'only what stands is undone')
    settlement.standing = false
    const insured = this.#insured(settlement.psnNo)
    insured.balanceFen = addFen(insured.balanceFen, settlement.figures.accountFen)
  }

  #standing = (mdtrtId: string) =>
    this.settlements.find((s) => s.mdtrtId === mdtrtId && s.kind === 'charge' && s.standing)

  #insured(psnNo: string): Insured {
    const insured = [...this.people.values()].find((person) => person.psnNo === psnNo)
    assert(insured, `${psnNo} is insured`)
    return insured
  }

  #next = (prefix: string) => `${prefix}${++this.#serial}`
}

const yes = <T>(data: T) => ({ outcome: 'ok', data }) as const
const no = (message: string) => ({ outcome: 'refused', message }) as const
const codeOf = ({ code }: { code?: RefusalCode }) => (code === undefined ? {} : { code })
const LOST = { outcome: 'unknown', reason: 'no answer' } as const

const isOf = (s: CentreSettlement, insutype: string) => s.clearing.insutype === insutype
/** A reversed settlement is out of the centre's books; a cancelled one stands beside its cancellation. */
const wasBooked = (s: CentreSettlement) => s.standing || s.refunded

export const insured = (balance: Fen, ...insutypes: string[]): Omit<Insured, 'psnNo'> => ({
  insurances: insutypes.map((insutype) => ({ insutype, active: true })),
  balanceFen: minFen(balance, fen(100_000_000)),
})
