import { widthOf } from './BadDebtCard.tsx'

type UseBarProps = { label: string; limitFen: number; drawnFen: number; reservedFen: number }

/** How much of a limit is lent and promised. The figures stand beside it in words. */
export function UseBar({ label, limitFen, drawnFen, reservedFen }: UseBarProps) {
  // What is in use above a limit that was lowered fills the bar.
  const whole = Math.max(limitFen, drawnFen + reservedFen)
  return (
    <div className="bank-scale" role="img" aria-label={label}>
      <span className="bank-fill" style={{ width: widthOf(drawnFen, whole) }} />
      <span className="bank-fill-held" style={{ width: widthOf(reservedFen, whole) }} />
    </div>
  )
}
