export { canonical } from './markdown/document.js'
