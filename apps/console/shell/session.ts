/**
 * Whether this browser has signed in to the console and not out. Only a hint, as the session is a cookie that no
 * script can read: without it a newcomer's first request would be one that is refused.
 */
export const hasSession = (): boolean => localStorage.getItem(SESSION_KEY) !== null

export const rememberSession = (): void => localStorage.setItem(SESSION_KEY, 'yes')

/** With it goes what was kept of requests without an answer: they were this person's. */
export function forgetSession(): void {
  localStorage.removeItem(SESSION_KEY)
  sessionStorage.clear()
}

const SESSION_KEY = 'yiqiao.console.session'
