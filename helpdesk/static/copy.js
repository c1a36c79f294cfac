// A button beside each value that copies it. Without this script a click selects the whole value.
const make = (tag, set) => Object.assign(document.createElement(tag), set)

if (navigator.clipboard) {
  document.querySelectorAll('[data-copy]').forEach((value) => {
    const button = make('button', { type: 'button', className: 'btn btn-plain', textContent: 'Copy' })
    button.setAttribute('aria-label', `Copy ${value.dataset.copy}`)
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(value.textContent)
      button.textContent = 'Copied'
      setTimeout(() => { button.textContent = 'Copy' }, 2000)
    })
    value.after(button)
  })
}
