type CheckGroupProps<Value> = {
  legend: string
  options: readonly { value: Value; label: string }[]
  chosen: readonly Value[]
  onChange: (chosen: Value[]) => void
  hint?: string | undefined
}

/** Some of a few. What is chosen keeps the order in which it was. */
export function CheckGroup<Value extends string | number>(props: CheckGroupProps<Value>) {
  const { legend, options, chosen, onChange, hint } = props
  const flip = (value: Value) =>
    onChange(chosen.includes(value) ? chosen.filter((v) => v !== value) : [...chosen, value])
  return (
    <fieldset className="check-group">
      <legend>{legend}</legend>
      <div className="check-options">
        {options.map(({ value, label }) => (
          <label key={value}>
            <input type="checkbox" checked={chosen.includes(value)} onChange={() => flip(value)} />
            {label}
          </label>
        ))}
      </div>
      {hint && <p className="fine">{hint}</p>}
    </fieldset>
  )
}
