/** A switch that keyboards and screen readers know as one; antd-mobile's takes no focus. */
export function Toggle({ label, isOn, onChange, disabled = false }: ToggleProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      className="toggle"
      disabled={disabled}
      onClick={() => onChange(!isOn)}
    >
      <span>{label}</span>
      <span className="toggle-track" aria-hidden="true" />
    </button>
  )
}

type ToggleProps = {
  label: string
  isOn: boolean
  onChange: (isOn: boolean) => void
  disabled?: boolean
}
