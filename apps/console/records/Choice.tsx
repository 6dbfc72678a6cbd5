type ChoiceProps<Value extends string> = {
  name: string
  label: string
  values: readonly Value[]
  word: (value: Value) => string
}

export function Choice<Value extends string>({ name, label, values, word }: ChoiceProps<Value>) {
  return (
    <label>
      {label}
      <select name={name}>
        {values.map((value) => (
          <option key={value} value={value}>
            {word(value)}
          </option>
        ))}
      </select>
    </label>
  )
}
