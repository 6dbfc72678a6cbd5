/** How much of something is used, as a bar beside the words that say it; never in place of them. */
export function Meter({ used, whole }: { used: number; whole: number }) {
  const percent = whole > 0 ? Math.min(Math.max((used / whole) * 100, 0), 100) : 0
  return (
    <span className="meter" aria-hidden="true">
      <span style={{ width: `${percent}%` }} />
    </span>
  )
}
