import {
  type BankPos,
  type BankPosDeps,
  createBankPos,
  readBankPosParams,
} from '../../adapters/channels/iso8583/index.ts'
import type { HospitalId } from '../../kernel/id.ts'

/**
 * The banks' lines of this process. A line is opened by its first question and kept, so there is one for each connection:
 * a connection that was saved anew gets another, and the old one ends when its last answers are there.
 */
export function createBankLines(deps: BankPosDeps) {
  const lines = new Map<string, Line>()
  return { open, settleBatches, stop }

  function open(stored: unknown, of: { hospitalId: HospitalId; kind: string }): BankPos {
    const params = readBankPosParams(stored)
    const key = `${of.hospitalId}/${of.kind}`
    const before = lines.get(key)?.bank
    const bank = createBankPos({ ...params, name: of.kind }, deps)
    const terminals = params.terminals.map(({ terminal }) => terminal)
    lines.set(key, { hospitalId: of.hospitalId, bank, terminals })
    void before?.stop()
    return bank
  }

  /** Ends each terminal's batch, as banks want it once a day at a quiet hour. Returns those that a person should look at. */
  async function settleBatches(): Promise<UnsettledBatch[]> {
    const unsettled: UnsettledBatch[] = []
    for (const { hospitalId, bank, terminals } of lines.values()) {
      for (const terminal of terminals) {
        const answer = await bank.settleBatch({ hospitalId, trace: () => undefined }, terminal)
        if (answer.outcome === 'settled' && answer.agrees) continue
        const reason = answer.outcome === 'settled' ? 'the totals differ' : answer.reason
        unsettled.push({ hospitalId, channel: bank.name, terminal, reason })
      }
    }
    return unsettled
  }

  async function stop(): Promise<void> {
    await Promise.all([...lines.values()].map(({ bank }) => bank.stop()))
    lines.clear()
  }
}

export type UnsettledBatch = {
  hospitalId: HospitalId
  channel: string
  terminal: string
  reason: string
}

type Line = { hospitalId: HospitalId; bank: BankPos; terminals: readonly string[] }
