// Asks the browser for a passkey, and sends its answer with the form around the button.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

const WORDS = {
  InvalidStateError: 'This device has a passkey for you already. Use another device, or another app for passkeys.',
  NotAllowedError: 'That was stopped, or took too long. Press the button to try again.'
}
const OTHERWISE = 'This browser could not do it. Try again, or use another way.'

function read (options) {
  const named = (one) => ({ ...one, id: bytes(one.id) })
  const lists = ['excludeCredentials', 'allowCredentials'].filter((name) => options[name])
  lists.forEach((name) => { options[name] = options[name].map(named) })
  if (options.user) options.user = named(options.user)
  return { ...options, challenge: bytes(options.challenge) }
}

function written (credential) {
  const response = {}
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[name]) response[name] = text(credential.response[name])
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response })
}

async function ask (place) {
  const form = place.closest('form')
  const button = place.querySelector('button')
  const said = place.querySelector('[role=status]')
  if (place.dataset.passkey === 'create' && !form.reportValidity()) return
  said.hidden = button.disabled = true
  try {
    const publicKey = read(JSON.parse(place.dataset.options))
    const answer = await navigator.credentials[place.dataset.passkey]({ publicKey })
    form.elements[place.dataset.into].value = written(answer)
    form.submit()
  } catch (error) {
    said.textContent = WORDS[error.name] ?? OTHERWISE
    said.hidden = false
  }
  button.disabled = false
}

document.querySelectorAll('[data-passkey]').forEach((place) => {
  if (!window.PublicKeyCredential || location.origin !== place.dataset.origin) return
  place.hidden = false
  place.querySelector('button').addEventListener('click', () => ask(place))
  document.querySelectorAll('[data-no-passkey]').forEach((words) => { words.hidden = true })
})
