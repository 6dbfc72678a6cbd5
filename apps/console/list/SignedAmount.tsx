import { Amount } from '../../web/Amount.tsx'

/** An amount whose sign says the way the money went: + to the hospital, − away from it. Zero has neither. */
export function SignedAmount({ fen }: { fen: number }) {
  if (fen === 0) return <Amount fen={0} />
  return <Amount fen={Math.abs(fen)} flow={fen > 0 ? 'in' : 'out'} />
}
