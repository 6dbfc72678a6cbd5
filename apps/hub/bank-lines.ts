import {
  type BankPos,
  type BankPosDeps,
  createBankPos,
  readBankPosParams,
  type TerminalKey,
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

  /**
   * Ends the batch of each terminal that has taken or given back anything in it, as banks want it once a day at a quiet
   * hour. Returns those that a person should look at: the bank has other totals, or does not answer.
   */
  async function settleBatches(): Promise<UnsettledBatch[]> {
    const unsettled: UnsettledBatch[] = []
    for (const { hospitalId, bank, terminals } of lines.values()) {
      for (const terminal of terminals) {
        if (!(await hasTransactions({ hospitalId, provider: bank.name, terminal }))) continue
        const answer = await bank.settleBatch({ hospitalId, trace: () => undefined }, terminal)
        if (answer.outcome === 'settled' && answer.agrees) continue
        const reason = answer.outcome === 'settled' ? 'the totals differ' : answer.reason
        unsettled.push({ hospitalId, channel: bank.name, terminal, reason })
      }
    }
    return unsettled
  }

  async function hasTransactions(key: TerminalKey): Promise<boolean> {
    const { batch } = await deps.traces.terminal(key)
    const { charges, returns } = await deps.traces.batchTotals(key, batch)
    return charges.count + returns.count > 0
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
