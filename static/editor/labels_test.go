//go:build peers

package editor

// labels are the French words of the editor, in place of the catalogue's.
var labels = map[string]string{
	"toolbar": "Mise en forme", "bold": "Gras", "italic": "Italique", "link": "Lien", "heading": "Intertitre", "bullet_list": "Liste à puces",
	"ordered_list": "Liste numérotée", "quote": "Citation", "table": "Tableau", "code": "Code", "picture": "Image",
	"mention": "Mentionner une personne", "idea": "Citer une idée", "markdown": "Markdown", "markdown_only": "Ce texte reste en Markdown.",
	"link_address": "Adresse", "link_text": "Texte affiché", "link_invalid": "Cette adresse n’est pas valable.", "link_remove": "Retirer le lien",
	"alt_text": "Décrivez l’image", "alt_hint": "Une phrase pour les personnes qui ne la voient pas.", "apply": "Valider", "cancel": "Annuler",
	"table_tools": "Tableau", "row_add": "Ligne dessous", "row_delete": "Supprimer la ligne", "column_add": "Colonne à droite",
	"column_delete": "Supprimer la colonne", "table_delete": "Supprimer le tableau", "task_done": "Tâche faite", "uploading": "Envoi de {name}…",
	"upload_failed": "{name} n’a pas été ajouté : {detail}", "upload_offline": "la connexion ne répond pas.",
	"file": "Fichier", "upload_cancel": "Arrêter l’envoi de {name}", "upload_again": "Réessayer", "dismiss": "Fermer", "suggestions": "Suggestions",
	"type_more": "Tapez quelques lettres…", "no_person": "Personne ne correspond", "no_idea": "Aucune idée ne correspond",
	"task_list": "Liste de tâches", "callout": "Encadré", "callout_end": "Retirer l’encadré", "rule": "Séparateur",
	"callout_note": "Remarque", "callout_tip": "Conseil", "callout_important": "Important", "callout_warning": "Attention", "callout_caution": "Danger",
	"callout_hint": "Consigne",
}
